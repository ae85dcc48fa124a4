import { InvalidArgumentError } from 'commander';

/** Reads an option as a whole number within limits; anything else is a usage error that names them. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`A whole number from ${String(min)} to ${String(max)} is wanted.`);
  };
}
