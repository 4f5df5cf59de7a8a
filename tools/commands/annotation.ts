/** A problem at its place, as a forge shows it beside the line. */
export interface Annotation {
  path: string;
  line: number;
  column: number;
  title: string;
  message: string;
}

/** An annotation in the words of GitHub's workflow commands. */
export const annotationLine = ({ path, line, column, title, message }: Annotation): string =>
  `::error file=${property(path)},line=${line},col=${column},title=${property(title)}::${data(message)}`;

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
