// The revisions of Aave v3: the first and the last of each kind of accounting; `test:long` plays all.
import { isLong } from '../support/size.ts'
import { recordings, testReplays } from './replaying.ts'

const ALWAYS = ['aave-v3.1.json.gz', 'aave-v3.3.json.gz', 'aave-v3.4.json.gz', 'aave-v3.7.json.gz']

testReplays(recordings.filter((name) => (isLong ? name.startsWith('aave-v3.') : ALWAYS.includes(name))))
