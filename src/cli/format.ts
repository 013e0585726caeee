/** Numbers and times as a person reads them; pure, and independent of the machine's language. */

/** Three significant digits with thousands separators: `0.312`, `12,300`, `1.00e-5`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? '∞' : '−∞';
  }
  const size = Math.abs(value);
  if (size === 0) {
    return '0';
  }
  if (size < 0.001) {
    return sign(value) + size.toExponential(2);
  }
  const rounded = Number(size.toPrecision(3));
  return sign(value) + (rounded >= 1000 ? groupThousands(String(rounded)) : size.toPrecision(3));
}

/** A whole number exactly, with thousands separators: `1,234,567`. */
export function formatCount(value: number): string {
  return Number.isFinite(value)
    ? sign(value) + groupThousands(String(Math.round(Math.abs(value))))
    : formatNumber(value);
}

/** A share of 0…1 as percent with one decimal: `98.7 %`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** Seconds in the two units that matter: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`, `1 d 3 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) {
    return 'unknown';
  }
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) {
    return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
  }
  const hours = Math.round(seconds / 3600);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A size in bytes with a decimal unit: `1.23 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let size = bytes;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? formatCount(bytes) : formatNumber(size)} ${units[unit] ?? ''}`;
}

/** `count` with the right one of two words: `1 class`, `2,000 classes`. */
export function formatAmount(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
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
