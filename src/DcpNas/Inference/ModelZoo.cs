using System.Text.Json.Nodes;

namespace DcpNas.Inference;

/// <summary>The trained networks that come with the tool: packed models with their cards (<c>models/</c> of the repository).</summary>
public static class ModelZoo
{
    private const string Folder = "Zoo/";
    private const string ModelExtension = ".dcpnas";

    /// <summary>Their names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ModelZoo).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(ModelExtension, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^ModelExtension.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether there is a network of that name, and nothing on disk that is called so: what is on disk comes first.</summary>
    public static bool IsName(string text) => Names.Contains(text) && !Path.Exists(text);

    /// <summary>The file of a network.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">There is no such network.</exception>
    public static byte[] Bytes(string name) => Resource(name, ModelExtension);

    /// <summary>What its card says: task, data, training, accuracy, cost, limits.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="InputException">There is no such network.</exception>
    public static JsonObject Card(string name) => (JsonObject)JsonNode.Parse(Resource(name, ".json"))!;

    /// <summary>What can be named where a name is not known.</summary>
    public static string Known(string name) => $"one of the networks that come with dcpnas: {string.Join(", ", Names)}.{Nearest.Hint(name, Names)}";

    private static byte[] Resource(string name, string ending)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Names.Contains(name))
        {
            throw new InputException($"{name}: there is no such network. Name {Known(name)}");
        }

        using var stream = typeof(ModelZoo).Assembly.GetManifestResourceStream($"{Folder}{name}{ending}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
