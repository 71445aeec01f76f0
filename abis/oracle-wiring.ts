// What price sources of the common makes tell of the sources behind them. Taken from:
// - Chainlink's AggregatorV3Interface (description);
// - bgd-labs/aave-capo (PriceCapAdapterBase, PriceCapAdapterStable) and bgd-labs/cl-synchronicity-price-adapter;
// - morpho-org/morpho-blue-oracles (MorphoChainlinkOracleV2);
// - compound-finance/comet, contracts/pricefeeds (MultiplicativePriceFeed, ReverseMultiplicativePriceFeed, ScalingPriceFeed,
//   WstETHPriceFeed and later feeds with an `underlyingPriceFeed`);
// - euler-xyz/euler-price-oracle (ChainlinkOracle and its like, CrossAdapter);
// - liquity/dev (PriceFeed) and liquity/bold (MainnetPriceFeedBase and its branches, whose functions tell a staleness and decimals besides);
// - makerdao/osm (OSM) and makerdao/median (Median).
import { parseAbi } from 'viem'

export const oracleWiringAbi = parseAbi([
  'function description() view returns (string)',
  'function BASE_TO_USD_AGGREGATOR() view returns (address)',
  'function ASSET_TO_USD_AGGREGATOR() view returns (address)',
  'function ASSET_TO_PEG() view returns (address)',
  'function PEG_TO_BASE() view returns (address)',
  'function BASE_TO_PEG() view returns (address)',
  'function BASE_FEED_1() view returns (address)',
  'function BASE_FEED_2() view returns (address)',
  'function QUOTE_FEED_1() view returns (address)',
  'function QUOTE_FEED_2() view returns (address)',
  'function priceFeedA() view returns (address)',
  'function priceFeedB() view returns (address)',
  'function priceFeedBScale() view returns (int256)',
  'function underlyingPriceFeed() view returns (address)',
  'function stETHtoETHPriceFeed() view returns (address)',
  'function feed() view returns (address)',
  'function oracleBaseCross() view returns (address)',
  'function oracleCrossQuote() view returns (address)',
  'function priceAggregator() view returns (address)',
  'function ethUsdOracle() view returns (address, uint256, uint8)',
  'function stEthUsdOracle() view returns (address, uint256, uint8)',
  'function rEthEthOracle() view returns (address, uint256, uint8)',
  'function src() view returns (address)',
  'function wat() view returns (bytes32)',
])
