using DcpNas.Cost;

namespace DcpNas.SearchSpace;

/// <summary>Says what the network of a genotype takes on a microcontroller. The program implements it: this library does not know how C is generated.</summary>
public interface IChipMeter
{
    /// <summary>The processors that are known.</summary>
    IReadOnlyList<string> Cores { get; }

    /// <summary>What a network takes, before anybody has trained it.</summary>
    /// <param name="genotype">The cells.</param>
    /// <param name="network">The stack.</param>
    /// <param name="target">The processor, one of <see cref="Cores"/>, and the bits.</param>
    /// <exception cref="InputException">There is no such network, or no C code for it.</exception>
    ChipAmount Measure(Genotype genotype, NetworkGeometry network, ChipTarget target);
}
