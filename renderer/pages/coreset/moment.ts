/** A value of a time column as a person reads it: a date, with the time of day where there is one, or the number. */
export function formatMoment(value: number, isTime: boolean): string {
  if (!isTime) return String(Number(value.toPrecision(12)));
  const text = new Date(value * 1000).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}
