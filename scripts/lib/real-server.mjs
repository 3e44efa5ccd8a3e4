/** As test/eventstoredb-double/server-under-test.ts names what met a real server, and what only the double can do. */
const MET = '[real server]';
const DOUBLE_ONLY = /\[double only: ([^\]]+)\]/;

const specsOf = (reports) => reports.flatMap(({ testResults }) => testResults.flatMap((file) => file.assertionResults));

/** Why a spec needs the double, if it does. */
export const whyDouble = ({ fullName }) => DOUBLE_ONLY.exec(fullName)?.[1];

/**
 * What a run ends with where `EVENTSTORE_URL` names a server: how many specs met it, and why the others did not.
 * @returns nothing where no server is named
 */
export function metRealServer(reports) {
  if (!process.env.EVENTSTORE_URL) return '';
  const specs = specsOf(reports);
  const met = specs.filter(({ fullName, status }) => fullName.includes(MET) && ['passed', 'failed'].includes(status));
  const passed = met.filter(({ status }) => status === 'passed').length;
  const reasons = Map.groupBy(specs.filter(whyDouble), whyDouble);
  const others = [...reasons].map(([reason, { length }]) => `  ${length} need the double: ${reason}`);
  return [`The server at EVENTSTORE_URL: ${met.length} specs met it, ${passed} passed`, ...others].join('\n');
}
