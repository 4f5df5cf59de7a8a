const USE = /\$(?:\{[!#]?)?([A-Za-z_]\w*)/g;

/** The names of the variables that a shell's text takes values of, as `$NAME` or `${NAME…}`, each once, in order. */
export const variablesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(USE)].map(([, name = '']) => name)),
];
