import { useTranslation } from 'react-i18next';

type BeforeAfterProps = {
  /** What changes, or stays: its name, how it is now, and how it will be. */
  readonly rows: readonly (readonly [name: string, now: string, then: string])[];
};

/** What something that is about to be done would come to: how things are now, and how they will be. */
export function BeforeAfter({ rows }: BeforeAfterProps): React.JSX.Element {
  const { t } = useTranslation('support');
  return (
    <table className="list before-after" aria-live="polite">
      <caption className="quiet">{t('preview.title')}</caption>
      <thead>
        <tr>
          <th>{t('preview.what')}</th>
          <th>{t('preview.now')}</th>
          <th>{t('preview.then')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, now, then]) => (
          <tr key={name}>
            <td data-label={t('preview.what')}>{name}</td>
            <td data-label={t('preview.now')}>{now}</td>
            <td data-label={t('preview.then')}>{now === then ? then : <strong>{then}</strong>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
