import { create } from 'qrcode';
import { useMemo } from 'react';

/** Light squares around the code, which readers need to find it. */
const MARGIN = 4;

/** A QR code in black on white, whatever the colours of the page, so that every reader can read it. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): React.JSX.Element {
  const { size, path } = useMemo(() => drawn(text), [text]);
  const side = size + 2 * MARGIN;
  return (
    <svg
      className="qr"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(side)} ${String(side)}`}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" transform={`translate(${String(MARGIN)} ${String(MARGIN)})`} />
    </svg>
  );
}

/** One path with a square for each dark module. */
function drawn(text: string): { readonly size: number; readonly path: string } {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size, data } = modules;
  const squares = Array.from(data).flatMap((isDark, index) =>
    isDark === 0 ? [] : [`M${String(index % size)} ${String(Math.floor(index / size))}h1v1h-1z`],
  );
  return { size, path: squares.join('') };
}
