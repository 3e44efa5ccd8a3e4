export { makeFolder, settleFile, syncTree } from './durable.ts';
export { createPrivateFile, readJsonFile, replacePrivateFile } from './private-file.ts';
