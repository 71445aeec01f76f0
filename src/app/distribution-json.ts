import type { Distribution } from '../risk/distribution.ts'

/** How loans are spread over health, for programs: rounded dollars are strings to the cent. */
export const distributionJson = ({ bands, largest, ...rest }: Distribution) => ({
  ...rest,
  largest: largest ?? null,
  bands: bands.map(({ debtUsd, collateralUsd, ...band }) => ({
    ...band,
    ...{ debtUsd: debtUsd.toFixed(2), collateralUsd: collateralUsd.toFixed(2) },
  })),
})
