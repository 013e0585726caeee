/** The colours of spans by name, which the extension contributes as `sequenceLab.tagBlue` and so on; imports nothing. */
export const tagColors = ['Blue', 'Orange', 'Green', 'Purple', 'Teal', 'Red', 'Yellow', 'Pink'] as const;
export type TagColor = (typeof tagColors)[number];
