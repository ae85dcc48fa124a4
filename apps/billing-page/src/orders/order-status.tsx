import { Badge } from '@mantine/core';

const COLOURS: Readonly<Record<string, string>> = {
  awaiting_payment: 'orange',
  processing: 'blue',
  paid: 'green',
  failed: 'red',
};

/** A status in words; the colour only repeats them. */
export function OrderStatus({ status, text }: { readonly status: string; readonly text: string }): React.JSX.Element {
  return (
    <Badge color={COLOURS[status] ?? 'gray'} variant="light" size="lg">
      {text}
    </Badge>
  );
}
