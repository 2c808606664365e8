// Specimen documents by ICAO 9303, written apart from the product's own reader so that the two
// judge each other. No real person's data: names are made up for the test.
const WEIGHTS = [7, 3, 1];

/** ICAO 9303-3, section 4.9. */
function checkDigit(text) {
  let sum = 0;
  [...text].forEach((sign, index) => {
    const value = sign === "<" ? 0 : parseInt(sign, 36);
    sum += value * WEIGHTS[index % 3];
  });
  return String(sum % 10);
}

const fill = (text, length) => text.padEnd(length, "<").slice(0, length);
const names = (surname, given) => `${surname}<<${given}`.replaceAll(" ", "<");
const withDigit = (text) => text + checkDigit(text);
const sixDigits = (date) => date.replaceAll("-", "").slice(2);

/** A day some years from today, as `YYYY-MM-DD`. */
export function yearsFromToday(years) {
  const day = new Date();
  day.setUTCFullYear(day.getUTCFullYear() + years);
  return day.toISOString().slice(0, 10);
}

/** A passport: two lines of 44. */
export function passport({ surname, given, number, birth, expiry = yearsFromToday(4), sex = "F" }) {
  const first = fill(`P<UTO${names(surname, given)}`, 44);
  const numbered = withDigit(fill(number, 9));
  const born = withDigit(sixDigits(birth));
  const ends = withDigit(sixDigits(expiry));
  const optional = withDigit(fill("", 14));
  const all = checkDigit(numbered + born + ends + optional);
  return [first, `${numbered}UTO${born}${sex}${ends}${optional}${all}`];
}

/** An identity card: three lines of 30. */
export function identityCard({ surname, given, number, birth, expiry = yearsFromToday(4), sex = "M" }) {
  const first = fill(`I<UTO${withDigit(fill(number, 9))}`, 30);
  const born = withDigit(sixDigits(birth));
  const ends = withDigit(sixDigits(expiry));
  const middle = `${born}${sex}${ends}UTO${fill("", 11)}`;
  // The composite digit covers the first line from the number on, and the second's numbers.
  const all = checkDigit(first.slice(5) + born + ends + middle.slice(18));
  return [first, middle + all, fill(names(surname, given), 30)];
}

/** The same lines with one digit changed, so that one check digit no longer agrees. */
export function withOneWrongDigit(lines) {
  const [first, second, ...rest] = lines;
  // A birth date's digit, in either format.
  const at = first.length === 44 ? 13 : 0;
  const wrong = String((Number(second[at]) + 1) % 10);
  return [first, second.slice(0, at) + wrong + second.slice(at + 1), ...rest];
}
