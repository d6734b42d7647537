namespace DcpNas.Cli.Commands;

/// <summary>Recipes of configs/ that travel inside the program.</summary>
internal static class Recipe
{
    /// <summary>The text of a recipe.</summary>
    /// <param name="name">Its file name.</param>
    public static string Read(string name)
    {
        using var stream = typeof(Recipe).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"Bug in DcpNas: the resource {name} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
