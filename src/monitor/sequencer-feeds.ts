// Chainlink's L2 sequencer uptime feeds, by chain. From @aave-dao/aave-address-book 4.68.1, Chainlink<chain>.L2_Sequencer_Uptime_Status_Feed;
// sequencer-feeds.test.ts compares them.
import type { Address } from 'viem'

export const SEQUENCER_FEEDS: ReadonlyMap<number, Address> = new Map([
  [10, '0x371EAD81c9102C9BF4874A9075FFFf170F2Ee389'],
  [324, '0x0E6AC8B967393dcD3D36677c126976157F993940'],
  [1_088, '0x58218ea7422255EBE94e56b504035a784b7AA204'],
  [1_868, '0xaDE1b9AbB98c6A542E4B49db2588a3Ec4bF7Cdf0'],
  [5_000, '0xaDE1b9AbB98c6A542E4B49db2588a3Ec4bF7Cdf0'],
  [8_453, '0xBCF85224fc0756B9Fa45aA7892530B47e10b6433'],
  [42_161, '0xFdB631F5EE196F0ed6FAa767959853A9F217697D'],
  [534_352, '0x45c2b8C204568A03Dc7A2E32B71D67Fe97F908A9'],
])
