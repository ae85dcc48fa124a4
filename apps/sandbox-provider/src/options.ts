/** What one sandbox provider process runs with. */
export type SandboxProviderOptions = {
  /** Folder of the journal. Two processes cannot share it. */
  readonly dataPath: string;
  /** Base of the links to hosted pages; the address that the caller used when it is not given. */
  readonly publicUrl?: string;
  readonly notifyUrl: string;
  readonly apiKey: string;
  /** `whsec_` and base64. */
  readonly webhookSecret: string;
};

/** Injection token of the options. */
export const SANDBOX_OPTIONS = Symbol('sandbox provider options');
