namespace DcpNas.Runtime.Model;

/// <summary>Something in a model does not fit. Never leaves the assembly: readers turn it into <see cref="PackedModelException"/>, builders into <see cref="ArgumentException"/>.</summary>
/// <param name="place">Where, for example <c>node 'stem'</c>.</param>
/// <param name="expected">What was expected, a noun phrase.</param>
/// <param name="found">What was found, a noun phrase.</param>
/// <param name="remedy">What to do with the file, one or more sentences; null: export it again.</param>
internal sealed class ModelFaultException(string place, string expected, string found, string? remedy = null)
    : Exception($"At {place}, expected {expected} but found {found}.")
{
    /// <summary>Where.</summary>
    public string Place { get; } = place;

    /// <summary>The exception that a reader of <paramref name="source"/> throws.</summary>
    public PackedModelException InFile(string source) =>
        new($"{source}: at {Place}, expected {expected} but found {found}. {remedy ?? "The file is damaged or comes from another version; export it again."}", this);

    /// <summary>The exception that a builder throws.</summary>
    public ArgumentException InArgument(string? parameter = null) => new($"{char.ToUpperInvariant(Place[0])}{Place[1..]} must have {expected}, got {found}.", parameter, this);
}
