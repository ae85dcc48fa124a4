import { readFileSync } from 'node:fs';
import { ConfigError } from '@billfleet/platform';
import { z } from 'zod';

const LOGO_LENGTH_MAX = 100_000;
/** What text must stand out by, so that it can be read (WCAG 2.2, 1.4.3). */
const CONTRAST_MIN = 4.5;
const LOGO = /^(https:\/\/[^\s"'<>;,]+|data:image\/(png|svg\+xml|webp|jpeg);base64,[A-Za-z0-9+/=]+)$/;

/** How bright a colour is, from 0 to 1, as WCAG measures it. */
function brightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const standsOutFrom =
  (other: string) =>
  (colour: string): boolean => {
    const [darker = 0, brighter = 0] = [brightness(colour), brightness(other)].sort((left, right) => left - right);
    return (brighter + 0.05) / (darker + 0.05) >= CONTRAST_MIN;
  };

const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, { error: 'a colour such as #0b5fff' });

/** How the pages look and whom they name. All of it is public. */
export const themeView = z
  .strictObject({
    name: z.string().min(1).max(80),
    logo: z
      .string()
      .max(LOGO_LENGTH_MAX)
      .regex(LOGO, { error: 'an https address of a picture, or a data: picture in base64' })
      .nullable()
      .default(null),
    colours: z
      .strictObject({
        accent: colour.refine(standsOutFrom('#ffffff'), {
          error: 'a colour that white text stands out from by 4.5 to 1',
        }),
        accentInDark: colour.refine(standsOutFrom('#1f1f1f'), {
          error: 'a colour that dark grey (#1f1f1f) stands out from by 4.5 to 1',
        }),
      })
      .default({ accent: '#0b5fff', accentInDark: '#7ab5ff' }),
    radius: z.enum(['none', 'small', 'medium', 'large']).default('small'),
    supportEmail: z.email({ error: 'an e-mail address' }).max(254).nullable().default(null),
  })
  .meta({ id: 'Theme' });

/** A theme that was read. */
export type Theme = z.output<typeof themeView>;

const usual: Theme = themeView.parse({ name: 'Billfleet' });

/**
 * Reads the theme once, at start; without a file it is the usual one.
 * @throws ConfigError that says what is wrong with the file.
 */
export function readTheme(file: string | undefined): Theme {
  if (file === undefined) return usual;
  const wanted = 'a JSON file as docs/reference/theme.md says';
  const fault = (found: string, what = wanted): ConfigError =>
    new ConfigError([{ name: 'BILLFLEET_THEME_FILE', found, wanted: what, example: 'config/theme.json' }]);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw fault(`${file}, which cannot be read as JSON`);
  }
  const parsed = themeView.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fault(`${file}: ${issue?.path.join('.') ?? ''}`, issue?.message ?? wanted);
}

/** Where pictures of a theme come from, beside us; undefined where from nobody. */
export const pictureOrigin = ({ logo }: Theme): string | undefined =>
  logo !== null && URL.canParse(logo) && logo.startsWith('https:') ? new URL(logo).origin : undefined;
