// Every recording but those of Aave v3, which `aave-v3.test.ts` plays beside them.
import { recordings, testReplays } from './replaying.ts'

testReplays(recordings.filter((name) => !name.startsWith('aave-v3.')))
