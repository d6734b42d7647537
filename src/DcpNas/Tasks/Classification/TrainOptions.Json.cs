namespace DcpNas.Tasks.Classification;

public sealed partial record TrainOptions
{
    private const string Example = "{ \"epochs\": 100 }";

    /// <summary>The keys of options files, in the order of the properties.</summary>
    public static IReadOnlyList<string> Keys { get; } = [.. OptionsJson.Properties<TrainOptions>().Select(OptionsJson.KeyOf)];

    /// <summary>Reads options from a file: JSON with comments, keys in snake_case; what it leaves out keeps its default.</summary>
    /// <exception cref="InputException">The file cannot be read or is not JSON.</exception>
    /// <exception cref="OptionsException">A key is unknown or a value is of the wrong kind.</exception>
    public static TrainOptions Load(string path) => OptionsJson.Load<TrainOptions>(path, Example);

    /// <summary>Reads options from the text of a file.</summary>
    public static TrainOptions FromJson(string text, string source) => OptionsJson.Read<TrainOptions>(text, source, Example);
}
