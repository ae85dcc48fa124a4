import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import qrcode from 'qrcode';
import { qrPicture } from './qr-picture.js';

const CODE = `00020101021226830014br.gov.bcb.pix2561${'pix.example.com/qr/v2/0199a1b2'.repeat(3)}5204000053039865802BR6304ABCD`;

/** The pixels of a picture with one bit for each, as rows of dark or not. */
function darkRows(png: Buffer, widthPx: number): boolean[][] {
  const at = png.indexOf('IDAT');
  const pixels = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const rowBytes = 1 + Math.ceil(widthPx / 8);
  return Array.from({ length: widthPx }, (_, y) =>
    Array.from({ length: widthPx }, (__, x) => {
      const byte = pixels[y * rowBytes + 1 + Math.floor(x / 8)] ?? 0;
      return (byte & (0x80 >> (x % 8))) === 0;
    }),
  );
}

test('a code is drawn module by module, with its quiet zone, wide enough to be read from a screen', () => {
  const { png, widthPx } = qrPicture(CODE);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([widthPx, widthPx]);
  expect(widthPx).toBeGreaterThanOrEqual(240);
  expect(png.length).toBeLessThan(10_000);
  const { modules } = qrcode.create(CODE, { errorCorrectionLevel: 'M' });
  const scale = widthPx / (modules.size + 8);
  const rows = darkRows(png, widthPx);
  expect(rows.slice(0, 4 * scale).flat()).not.toContain(true);
  const drawn = Array.from({ length: modules.size ** 2 }, (_, n) => {
    const [row, column] = [Math.floor(n / modules.size), n % modules.size];
    return rows[(row + 4) * scale]?.[(column + 4) * scale + scale - 1] === true ? 1 : 0;
  });
  expect(drawn).toEqual(Array.from(modules.data));
});

test('the same text is the same picture', () => {
  expect(qrPicture(CODE).png.equals(qrPicture(CODE).png)).toBe(true);
});
