import type { MailFacts, MailTemplate } from './facts.js';
import type { Formats } from './formats.js';

/** One mail before it has a shape: HTML and text are both written from this, so they cannot say different things. */
export type MailModel = {
  readonly subject: string;
  /** The line that mail programs show after the subject. */
  readonly preheader: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** What is to be copied, or scanned from a picture of it; `alt` stands where the picture cannot be shown. */
  readonly code?: { readonly label: string; readonly text: string; readonly alt: string };
  readonly details: readonly MailDetail[];
  /**
   * `payOrderId`: the button leads to where this order is paid; `signIn`: to where its reader is let in. Both where such links are made, else
   * to `path`.
   */
  readonly action: {
    readonly label: string;
    readonly path: string;
    readonly payOrderId?: string;
    readonly signIn?: SignInAction;
  };
  readonly workspaceName: string;
  /** Why the receiver gets this, where he does not look after the billing of the workspace. */
  readonly footer?: string;
};

/** A link that lets the reader in: to the billing page, or to the support console. */
export type SignInAction = { readonly door: 'billing' | 'support'; readonly linkId: string };

/** One line of the table of facts. */
export type MailDetail = { readonly label: string; readonly value: string };

/** How a template turns its facts into a mail. */
export type Build<T extends MailTemplate> = (facts: MailFacts[T], formats: Formats) => MailModel;

/** The part of an action that leads to where an order is paid; empty without one. */
export const payLink = (payOrderId: string | undefined): { payOrderId?: string } =>
  payOrderId === undefined ? {} : { payOrderId };
