/** Intl's formatters take long to make and no time to use: a table needs one, not one for each cell. */
function once<Format>(make: (language: string) => Format): (language: string) => Format {
  const made = new Map<string, Format>();
  return (language) => {
    let format = made.get(language);
    if (format === undefined) {
      format = make(language);
      made.set(language, format);
    }
    return format;
  };
}

export const relativeTime = once((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
export const exactTime = once((language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long' }));
export const wholeNumber = once((language) => new Intl.NumberFormat(language));
export const wholePercent = once((language) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }));

/** Numbers with at most so many digits after the point. */
export const rounded = {
  0: once((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 0 })),
  1: once((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 1 })),
  2: once((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 2 })),
};
