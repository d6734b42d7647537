namespace DcpNas.Protocols.Conformance;

/// <summary>The numbers of k-reciprocal re-ranking in a case file.</summary>
internal sealed record ReRankingCase(int K1, int K2, double Lambda);
