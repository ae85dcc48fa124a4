import type { Build } from './mail-shape.js';

/** To somebody who asked to sign in. The link is made while the mail is written, so that nothing of it is stored. */
export const signInLink: Build<'sign_in_link'> = (facts, formats) => {
  const { translate: t } = formats;
  const date = formats.instant(facts.goodUntil);
  const values = { workspace: facts.workspaceName };
  return {
    subject: t(`signIn.${facts.door}.subject`, values),
    preheader: t('signIn.preheader', { date }),
    heading: t('signIn.heading'),
    paragraphs: [t(`signIn.${facts.door}.lead`, values), t('signIn.advice')],
    details: [{ label: t('signIn.goodUntil'), value: date }],
    action: {
      ...{ label: t('signIn.button'), path: facts.actionPath },
      signIn: { door: facts.door, linkId: facts.linkId },
    },
    workspaceName: facts.workspaceName,
    footer: t('signIn.footer'),
  };
};
