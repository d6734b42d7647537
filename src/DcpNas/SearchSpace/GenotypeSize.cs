namespace DcpNas.SearchSpace;

/// <summary>The size of the network that a search had in mind: <c>train</c> takes it where no option says otherwise. It is kept with the genotype and changes nothing of its cells.</summary>
/// <param name="Channels">Channels of a node in the first cells.</param>
/// <param name="Cells">Cells in sequence.</param>
public sealed record GenotypeSize(int Channels, int Cells);
