using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Runtime;

namespace DcpNas.Embedded;

/// <summary>Writes a packed model as C99 for processors without floating point or operating system: the integer mode of docs/model-format.md, bit for bit.</summary>
/// <remarks>The code is freestanding (stdint.h and stddef.h alone), allocates nothing, calls nothing, and keeps nothing between two calls. The same model gives the same bytes.</remarks>
public static class CSourceGenerator
{
    private const long MostArenaBytes = int.MaxValue;

    /// <summary>Generates the code of a model.</summary>
    /// <param name="model">A model with its integer mode.</param>
    /// <param name="name">What every name begins with: an identifier in lower case.</param>
    /// <exception cref="CodeGenerationException">The name is none, or the model has no integer mode.</exception>
    public static CSources Generate(PackedModel model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        CheckName(name);
        var program = CProgram.Create(model);
        if (program.ArenaBytes > MostArenaBytes)
        {
            throw new CodeGenerationException($"The network needs {program.ArenaBytes} bytes of memory, more than 32 bits can address. Export a smaller one.");
        }

        var tableBytes = program.Tables.Bytes;
        var hash = HashOf(model);
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["nn.h"] = CHeader.Write(model, program, hash, tableBytes),
            ["nn.c"] = CCode.Write(program),
            ["nn_weights.h"] = CWeights.Declare(program),
            ["nn_weights.c"] = CWeights.Define(model, program),
            ["nn_selftest.c"] = CSelfTest.Run(model, program).Write(program),
        };
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, text) in texts)
        {
            files.Add(name + file[2..], CName.Apply(text.ReplaceLineEndings("\n").Replace("\"nn", $"\"{name}", StringComparison.Ordinal), name));
        }

        files.Add($"{name}.json", Manifest(program, name, hash, tableBytes));
        foreach (var (file, text) in CPackages.Write(model, program, name, hash, tableBytes))
        {
            files.Add(file, text.ReplaceLineEndings("\n"));
        }

        return new CSources(files, program.ArenaBytes, tableBytes, program.Results.Sum(result => result.Count));
    }

    /// <summary>Refuses a name that <see cref="Generate"/> would refuse.</summary>
    /// <returns>The name.</returns>
    /// <exception cref="CodeGenerationException">It is no identifier in lower case.</exception>
    public static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        CName.Check(name);
        return name;
    }

    /// <summary>Version of the generator, which the manifest names.</summary>
    internal static string Version => typeof(CSourceGenerator).Assembly.GetName().Version!.ToString(3);

    private static string HashOf(PackedModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
    }

    private static string Manifest(CProgram program, string name, string hash, long tableBytes)
    {
        var layers = new JsonArray([.. program.Steps.Zip(program.TableBytesOfSteps(), (step, bytes) => new JsonObject
        {
            ["nodes"] = step.Title,
            ["table_bytes"] = bytes,
            ["work"] = new JsonObject(step.Work.Units.Select(unit => KeyValuePair.Create(unit.Key, (JsonNode?)unit.Value))),
            ["output_bytes"] = step.Output.Bytes,
            ["output_offset"] = step.Output.ResultOffset is null ? step.Output.Buffer.Offset : null,
        })]);
        var manifest = new JsonObject
        {
            ["name"] = name,
            ["generator"] = $"DcpNas.Embedded {Version}",
            ["model_sha256"] = hash,
            ["arena_bytes"] = program.ArenaBytes,
            ["table_bytes"] = tableBytes,
            ["constant_bytes"] = tableBytes + program.LayerBytes,
            ["results"] = new JsonArray([.. program.Results.Select(result => new JsonObject
            {
                ["name"] = result.Name,
                ["first"] = result.Offset,
                ["count"] = result.Count,
                ["exponent"] = result.Exponent,
            })]),
            ["layers"] = layers,
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            manifest.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}

/// <summary>Generated code.</summary>
/// <param name="Files">The files, by their path below the folder.</param>
/// <param name="ArenaBytes">RAM that the caller gives.</param>
/// <param name="TableBytes">Constants: weights, thresholds, biases.</param>
/// <param name="Results">Numbers of all outputs.</param>
public sealed record CSources(IReadOnlyDictionary<string, string> Files, long ArenaBytes, long TableBytes, long Results);
