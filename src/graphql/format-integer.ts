/** A whole number with commas, as people read it. Intl would do so too, and takes a thirtieth of a start to load. */
export function printFigure(figure: number): string {
  return String(figure).replace(/\B(?=(\d{3})+$)/g, ',');
}
