namespace DcpNas.SearchSpace;

/// <summary>The architecture that a search returns: one cell of each kind. Immutable; two genotypes are equal when their networks are.</summary>
/// <param name="Normal">The cell that keeps the resolution.</param>
/// <param name="Reduction">The cell that halves the resolution and doubles the channels; its edges from nodes 0 and 1 have stride 2.</param>
public sealed partial record Genotype(CellGenotype Normal, CellGenotype Reduction)
{
    /// <summary>Where it comes from; not part of equality.</summary>
    public GenotypeProvenance? Provenance { get; init; }

    /// <summary>The size of the final network; not part of equality. Null where none is known: presets, the text form.</summary>
    public GenotypeSize? Size { get; init; }

    /// <summary>How clearly the search preferred it; null where no alpha chose it. Not part of equality.</summary>
    public GenotypeDecision? Decision { get; init; }

    /// <summary>Whether both describe the same network; provenance, size and decision are not compared.</summary>
    public bool Equals(Genotype? other) => other is not null && Normal.Equals(other.Normal) && Reduction.Equals(other.Reduction);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Normal, Reduction);

    /// <summary>The text form on one line: <c>normal: n2[max&lt;-0, sep5&lt;-1] ... | reduction: n2[...] ...</c>; <see cref="Parse"/> reads it.</summary>
    public override string ToString() => GenotypeText.Print(this);

    /// <summary>Reads the text form. Operations may be short (<c>sep3</c>) or full (<c>sep_conv_3x3</c>) names; white space is free.</summary>
    /// <exception cref="InputException">The text is no genotype; the message names the character.</exception>
    public static Genotype Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return GenotypeText.Parse(text);
    }

    /// <summary>A published genotype by name, without regard to case, or null.</summary>
    public static Genotype? FindPreset(string name) =>
        GenotypePresets.All.FirstOrDefault(preset => string.Equals(preset.Name, name, StringComparison.OrdinalIgnoreCase))?.Genotype;

    /// <summary>What a user may name as a genotype: a preset, a file, or the text form itself; tried in this order.</summary>
    /// <exception cref="InputException">It is none of them, or the file or text is faulty.</exception>
    public static Genotype Resolve(string fileOrPreset)
    {
        ArgumentNullException.ThrowIfNull(fileOrPreset);
        if (FindPreset(fileOrPreset) is { } preset)
        {
            return preset;
        }

        if (File.Exists(fileOrPreset))
        {
            return Load(fileOrPreset);
        }

        if (fileOrPreset.Contains('['))
        {
            return Parse(fileOrPreset);
        }

        var names = GenotypePresets.All.Select(known => known.Name).ToArray();
        throw new InputException($"Unknown genotype '{fileOrPreset}': there is no such file. Known presets: {string.Join(", ", names)}. "
            + GenotypeRules.Suggest(fileOrPreset, names, "Give the path of a genotype file or the name of a preset."));
    }
}

/// <summary>Where a genotype comes from. Every part is optional; it is kept with the genotype and changes nothing.</summary>
/// <param name="Strategy">The search strategy, for example <c>dcp-nas</c> or <c>random</c>.</param>
/// <param name="Seed">The seed of the search.</param>
/// <param name="Dataset">The data set that was searched on.</param>
/// <param name="Run">The run folder, or a citation.</param>
public sealed record GenotypeProvenance(string? Strategy = null, long? Seed = null, string? Dataset = null, string? Run = null);

/// <summary>The size of the network that a search had in mind: <c>train</c> takes it where no option says otherwise. It is kept with the genotype and changes nothing of its cells.</summary>
/// <param name="Channels">Channels of a node in the first cells.</param>
/// <param name="Cells">Cells in sequence.</param>
public sealed record GenotypeSize(int Channels, int Cells);
