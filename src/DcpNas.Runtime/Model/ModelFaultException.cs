namespace DcpNas.Runtime.Model;

/// <summary>
/// Something in a model or another safetensors file does not fit. No caller sees it: readers turn it into <see cref="PackedModelException"/> or into what damaged files are
/// to them, builders into <see cref="ArgumentException"/>.
/// </summary>
/// <param name="place">Where, for example <c>node 'stem'</c>.</param>
/// <param name="expected">What was expected, a noun phrase.</param>
/// <param name="found">What was found, a noun phrase.</param>
/// <param name="remedy">What to do with the file, one or more sentences; null: export it again.</param>
internal sealed class ModelFaultException(string place, string expected, string found, string? remedy = null)
    : Exception($"At {place}, expected {expected} but found {found}.")
{
    /// <summary>Where.</summary>
    public string Place { get; } = place;

    /// <summary>What was expected.</summary>
    public string Expected { get; } = expected;

    /// <summary>What was found.</summary>
    public string Found { get; } = found;

    /// <summary>The exception that a reader of <paramref name="source"/> throws.</summary>
    public PackedModelException InFile(string source) =>
        new($"{source}: at {Place}, expected {Expected} but found {Found}. {remedy ?? "The file is damaged or comes from another version; export it again."}", this);

    /// <summary>The exception that a builder throws.</summary>
    public ArgumentException InArgument(string? parameter = null) => new($"{char.ToUpperInvariant(Place[0])}{Place[1..]} must have {Expected}, got {Found}.", parameter, this);
}
