import { Button, Group, NumberInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../shell/me.js';

type CountFieldProps = {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly hint?: string | undefined;
  readonly onChange: (value: number) => void;
  readonly error?: string | undefined;
};

/** A whole number: typed or clicked, within its bounds, which are said. What is typed beyond them is nobody's choice yet; leaving the field brings it back. */
export function CountField({
  name,
  label,
  value,
  min,
  max,
  hint,
  onChange,
  error,
}: CountFieldProps): React.JSX.Element {
  const { t } = useTranslation();
  const { count } = useFormats();
  const bounds = { min: count(min), max: count(max) };
  const { typed, setTyped, isWithin } = useTyped(value, min, max);
  const fault = typed === '' || isWithin(typed) ? undefined : t('faults.range', bounds);
  const description = `${hint === undefined ? '' : `${hint} `}${t('choose.range', bounds)}`;
  return (
    <Group align="end" gap="xs" wrap="nowrap">
      <NumberInput
        name={name}
        label={label}
        description={description}
        value={typed}
        min={min}
        max={max}
        hideControls
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="blur"
        inputMode="numeric"
        error={error ?? fault}
        onBlur={() => {
          if (typed === '') setTyped(value);
        }}
        onChange={(next) => {
          setTyped(next);
          if (isWithin(next)) onChange(next);
        }}
      />
      <Button
        variant="default"
        px="sm"
        aria-label={t('choose.oneLess')}
        disabled={value <= min}
        onClick={() => onChange(value - 1)}
      >
        −
      </Button>
      <Button
        variant="default"
        px="sm"
        aria-label={t('choose.oneMore')}
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        +
      </Button>
    </Group>
  );
}

/** While somebody types, the field shows what he typed; only what is within the bounds is a choice. */
function useTyped(value: number, min: number, max: number) {
  const [typed, setTyped] = useState<number | string>(value);
  useEffect(() => {
    setTyped(value);
  }, [value]);
  const isWithin = (next: number | string): next is number =>
    typeof next === 'number' && Number.isInteger(next) && next >= min && next <= max;
  return { typed, setTyped, isWithin };
}
