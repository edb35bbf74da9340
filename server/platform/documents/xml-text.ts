/**
 * A text as XML 1.0 can hold it: of control signs only tab and line ends, whole signs only. One more would make a file that
 * office programs call damaged.
 */
export const xmlText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, sign =>
      (sign >= ' ' && sign < '\ufffe') || '\t\n\r'.includes(sign) ? sign : '',
    )
