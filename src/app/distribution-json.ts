import type { Distribution } from '../risk/distribution.ts'
import { dollarJson } from './dollar-json.ts'

/** How loans are spread over health, for programs: rounded dollars are strings to the cent. */
export const distributionJson = ({ bands, largest, ...rest }: Distribution) => ({
  ...rest,
  largest: largest ?? null,
  bands: bands.map(({ debtUsd, collateralUsd, ...band }) => ({
    ...band,
    ...{ debtUsd: dollarJson(debtUsd), collateralUsd: dollarJson(collateralUsd) },
  })),
})
