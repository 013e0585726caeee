/** Numbers and times as a person reads them, three significant digits each; knows no language. */

/** Three significant digits with thousands separators: `0.312`, `12,300`, `1.00e-5`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return sign(value) + size.toExponential(2);
  const rounded = Number(size.toPrecision(3));
  return sign(value) + (rounded >= 1000 ? groupThousands(String(rounded)) : size.toPrecision(3));
}

/** A whole number exactly, with thousands separators. */
export function formatCount(value: number): string {
  return sign(value) + groupThousands(String(Math.round(Math.abs(value))));
}

/** Three significant digits with a letter for thousands: `184k`, `1.24M`, `950`. */
export function formatCompact(value: number): string {
  const size = Math.abs(value);
  const rounded = size < 1 ? size : Number(size.toPrecision(3));
  const [unit, letter] =
    rounded >= 1e9 ? [1e9, 'G'] : rounded >= 1e6 ? [1e6, 'M'] : rounded >= 1e3 ? [1e3, 'k'] : [1, ''];
  if (unit === 1) return Number.isInteger(value) ? String(value) : formatNumber(value);
  return sign(value) + (rounded / unit).toPrecision(3) + letter;
}

/** A score in 0…1 with three decimals, as three significant digits need. */
export function formatScore(value: number): string {
  return value.toFixed(3);
}

/** A clock of seconds: `0:42`, `12:05`, `1:02:05`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = twoDigits(whole % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** The labels of an axis, with as many decimals as tell them apart. */
export function formatTicks(values: readonly number[]): string[] {
  const gap = values.length > 1 ? Math.abs(values[1]! - values[0]!) : Math.abs(values[0] ?? 0);
  const largest = Math.max(...values.map(Math.abs));
  if (gap === 0) return values.map(formatNumber);
  if (largest >= 1e4 && gap >= 100) {
    return values.map((value) => (value === 0 ? '0' : trimZeros(formatCompact(value))));
  }
  if (largest < 0.001) return values.map((value) => (value === 0 ? '0' : trimExponent(value.toExponential(1))));
  const isExact = (decimals: number) =>
    values.every((value) => Math.abs(Number(value.toFixed(decimals)) - value) < gap * 1e-6);
  const decimals = [0, 1, 2, 3, 4, 5].find(isExact) ?? 6;
  return values.map((value) => (value === 0 ? '0' : sign(value) + groupThousandsOf(Math.abs(value).toFixed(decimals))));
}

function trimZeros(text: string): string {
  return text.replace(/\.0+(?=\D|$)|(\.\d*?[1-9])0+(?=\D|$)/, '$1');
}

function trimExponent(text: string): string {
  return text.replace('.0e', 'e').replace('-', '−').replace('e-', 'e−');
}

function groupThousandsOf(text: string): string {
  const [whole, decimals] = text.split('.') as [string, string?];
  return groupThousands(whole) + (decimals === undefined ? '' : `.${decimals}`);
}

function sign(value: number): string {
  return value < 0 ? '−' : '';
}

function groupThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
