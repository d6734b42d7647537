using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DcpNas.Tasks.Classification;

namespace DcpNas.Populations;

/// <content>The file: JSON lines, written in one step.</content>
public sealed partial class PopulationTable
{
    private static readonly JsonSerializerOptions Line = new(OptionsJson.Format)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads a table.</summary>
    /// <exception cref="InputException">The file cannot be opened, is of another format, or a line is damaged or out of range; names the line.</exception>
    public static PopulationTable Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var reader = new StreamReader(InputFile.OpenRead(path), Encoding.UTF8);
        return Read(reader.ReadToEnd(), path);
    }

    /// <summary>Reads the text of a table.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="InputException">As for <see cref="Load"/>.</exception>
    public static PopulationTable Read(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        var header = Parse<PopulationHeader>(lines[0], source, 1, $"the header of a population ({PopulationHeader.CurrentFormat})");
        if (header.Format != PopulationHeader.CurrentFormat)
        {
            throw Fault(source, 1, $"the format {PopulationHeader.CurrentFormat}", $"'{header.Format}'");
        }

        if (lines[^1].Length > 0)
        {
            throw Fault(source, lines.Length, "a line that ends", "the end of the file in its middle");
        }

        var networks = new List<PopulationNetwork>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 1; index < lines.Length - 1; index++)
        {
            var network = Parse<PopulationNetwork>(lines[index], source, index + 1, "a trained network");
            if (network.Problem() is { } problem)
            {
                throw Fault(source, index + 1, problem, $"others ({network.Name})");
            }

            try
            {
                network.Cells();
            }
            catch (InputException error)
            {
                throw Fault(source, index + 1, "a genotype", $"'{network.Genotype}' ({error.Message.TrimEnd('.')})", error);
            }

            if (!seen.TryAdd(network.Name, index + 1))
            {
                throw Fault(source, index + 1, "every training once", $"{network.Name}, which stands in line {seen[network.Name]} too");
            }

            networks.Add(network);
        }

        header = header with { Train = OptionsJson.Current(typeof(TrainOptions), header.Train, source) };
        return new PopulationTable(header, networks, source);
    }

    /// <summary>Writes the table in one step.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, ToText());

    /// <summary>The text of the file.</summary>
    public string ToText() =>
        string.Concat(((string[])[JsonSerializer.Serialize(Header, Line), .. Networks.Select(network => JsonSerializer.Serialize(network, Line))]).Select(line => line + "\n"));

    private static T Parse<T>(string line, string source, int number, string expected)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Line) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw Fault(source, number, expected, line.Trim().Length == 0 ? "an empty line" : JsonFault.Reason(error), error);
        }
    }

    private static InputException Fault(string source, int line, string expected, string found, Exception? inner = null) =>
        InputException.InFile(source, $"line {line}", expected, found, "Use an undamaged copy, or write it again with dcpnas population.", inner);
}
