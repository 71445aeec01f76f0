// Forks of Aave v3, which have no package: each is one entry.
import type { SourcedDeployment } from '../../../../scripts/deployment-source.ts'
import type { Own } from '../source.ts'

const SPARK_REGISTRY = 'sparkdotfi/spark-address-registry@5348de20c16dc5174cbdede70ee959dd31f99ec1'
const SPARK_DEPLOYMENTS = 'sparkdotfi/sparklend-deployments@416c57f6bc08b05a03c6a193a0491bdc252740d6'
const MESSARI = 'messari/subgraphs@2711ac91ef119f321f65b339e10a57f9aa74f9d8'

/** SparkLend. The start blocks are those of the addresses providers. */
export const forks: readonly SourcedDeployment<Own>[] = [
  {
    chainId: 1,
    deployment: 'spark',
    poolAddressesProvider: '0x02C3eA4e34C0cBd694D2adFa2c690EECbC1793eE',
    fromBlock: 16776389n,
    fromBlockSource: `${MESSARI} subgraphs/aave-forks/protocols/spark-lend/config/deployments/spark-lend-ethereum/configurations.json`,
    source: `${SPARK_REGISTRY} src/SparkLend.sol`,
  },
  {
    chainId: 100,
    deployment: 'spark',
    poolAddressesProvider: '0xA98DaCB3fC964A6A0d2ce3B77294241585EAbA6d',
    fromBlock: 29817453n,
    fromBlockSource: `${SPARK_DEPLOYMENTS} script/output/100/broadcast/primary-20230905.json`,
    source: `${SPARK_REGISTRY} src/Gnosis.sol`,
  },
]
