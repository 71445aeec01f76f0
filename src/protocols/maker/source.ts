// Maker / Sky: the addresses that governance's own spells are tested with; they are those of the on-chain chainlog.
import type { Address } from 'viem'
import { type DeploymentSource, startOf } from '../../../scripts/deployment-source.ts'

const SPELLS =
  'sky-ecosystem/spells-mainnet@17aee91ed7857b65d4814ef8cf3694fc9d70e1cf src/test/addresses_mainnet.sol'
const SUBGRAPH =
  'messari/subgraphs@05274200e19139f4c4737567b9f0cf237f990f38 subgraphs/makerdao/protocols/makerdao/config/templates/makerdao.template.yaml'

type Own = {
  readonly vat: Address
  readonly dog: Address
  readonly jug: Address
  readonly spotter: Address
  readonly dai: Address
  readonly ilkRegistry?: Address
  readonly cdpManager?: Address
  readonly getCdps?: Address
  readonly lockstake?: readonly Address[]
  readonly proxyRegistry?: Address
  readonly proxyFactory?: Address
}

const VAT = '0x35D1b3F3D7966A1DFe207aa4514C12a259A0492B'

/** By their names in the chainlog: MCD_VAT and so on; LOCKSTAKE_ENGINE and LOCKSTAKE_ENGINE_OLD_V1. */
const main: Own = {
  vat: VAT,
  dog: '0x135954d155898D42C90D2a57824C690e0c7BEf1B',
  jug: '0x19c0976f590D67707E62397C87829d896Dc0f1F1',
  spotter: '0x65C79fcB50Ca1594B025960e539eD7A9a6D434A3',
  dai: '0x6B175474E89094C44Da98b954EedeAC495271d0F',
  ilkRegistry: '0x5a464C28D19848f44199D003BeF5ecc87d090F87',
  cdpManager: '0x5ef30b9986345249bc32d8928B7ee64DE9435E39',
  getCdps: '0x36a724Bd100c39f0Ea4D3A20F7097eE01A8Ff573',
  lockstake: ['0xCe01C90dE7FD1bcFa39e237FE6D8D9F569e8A6a3', '0x2b16C07D5fD5cC701a0a871eae2aad6DA5fc8f12'],
  proxyRegistry: '0x4678f0a6958e4D2Bc4F1BAF7Bc52E8F3564f3fE4',
  proxyFactory: '0xA26e15C895EFc0616177B7c1e7270A4C7D51C997',
}

export const source: DeploymentSource<Own> = {
  protocol: 'maker',
  packages: [],
  fields: {
    vat: 'Address',
    dog: 'Address',
    jug: 'Address',
    spotter: 'Address',
    dai: 'Address',
    ilkRegistry: 'Address',
    cdpManager: 'Address',
    getCdps: 'Address',
    lockstake: 'readonly Address[]',
    proxyRegistry: 'Address',
    proxyFactory: 'Address',
  },
  deployments: () => [
    {
      chainId: 1,
      deployment: 'main',
      ...main,
      ...startOf('the Vat', { block: 8928152n, contract: VAT, source: SUBGRAPH }, [main.vat]),
      source: SPELLS,
    },
  ],
}
