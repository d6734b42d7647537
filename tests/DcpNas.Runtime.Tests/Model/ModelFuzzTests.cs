using System.Buffers.Binary;
using System.Text.Json.Nodes;
using CsCheck;
using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Tests.Model;

/// <summary>Damaged files are refused with a <see cref="PackedModelException"/> or are models that run; never anything else, and never much memory.</summary>
public class ModelFuzzTests
{
    private const int Files = 4000;

    private static readonly byte[][] Good =
    [
        SampleModels.Bytes(SampleModels.EveryNode(1, channels: 5)),
        SampleModels.Bytes(SampleModels.EveryNode(2, side: 6, channels: 3)),
        SampleModels.Bytes(SampleModels.Integer(SampleModels.EveryNode(3, side: 5, channels: 4), 3)),
        SampleModels.Bytes(RandomGraphs.Create(3)),
        SampleModels.Bytes(RandomGraphs.Create(4)),
    ];

    [Fact]
    public void Load_OfMutatedBytes_RefusesOrRuns() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var draw = new Draw(seed);
        var bytes = Mutate(draw, draw.Of<byte[]>(Good));
        if (draw.Coin() && bytes.Length >= 8)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, draw.Between(0, bytes.Length));
        }

        Check(bytes);
    }, iter: Files, threads: 1);

    [Fact]
    public void Load_OfSplicedFiles_RefusesOrRuns() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var draw = new Draw(seed);
        var (a, b) = (draw.Of<byte[]>(Good), draw.Of<byte[]>(Good));
        Check([.. a[..draw.Between(0, a.Length)], .. b[draw.Between(0, b.Length)..]]);
    }, iter: Files / 4, threads: 1);

    [Fact]
    public void Load_OfMutatedJsonWithRightHashes_RefusesOrRuns()
    {
        var accepted = 0;
        Gen.Int[0, int.MaxValue].Sample(seed =>
        {
            var draw = new Draw(seed);
            var file = new EditableFile(draw.Of<byte[]>(Good));
            for (var i = draw.Between(1, 3); i > 0; i--)
            {
                Mutate(draw, draw.Between(0, 3) == 0 ? file.Header : file.Model);
            }

            if (!file.Header.ContainsKey("__metadata__") || file.Header["__metadata__"] is not JsonObject)
            {
                return;
            }

            accepted += Check(file.ToBytes()) ? 1 : 0;
        }, iter: Files, threads: 1);

        Assert.InRange(accepted, 10, Files - 10); // the mutations are neither all harmless nor all obvious
    }

    [Fact]
    public void Load_OfMutatedTensorsWithRightHashes_RefusesOrRuns() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var draw = new Draw(seed);
        var file = new EditableFile(draw.Of<byte[]>(Good));
        for (var i = draw.Between(1, 4); i > 0; i--)
        {
            file.Data[draw.Between(0, file.Data.Length - 1)] = draw.Of<byte>(0, 1, 2, 0x7F, 0x80, 0xFF);
        }

        Check(file.ToBytes());
    }, iter: Files / 4, threads: 1);

    /// <summary>Loads, and runs what is accepted and not too large.</summary>
    private static bool Check(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        PackedModel model;
        try
        {
            model = PackedModel.Load(bytes);
        }
        catch (PackedModelException)
        {
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000 + (100L * bytes.Length));
        }

        Assert.NotEmpty(model.Describe());
        if (Work(model.Graph) > 3_000_000)
        {
            return true;
        }

        try
        {
            foreach (var mode in model.Info.Integers is null ? [NumericMode.Exact] : (NumericMode[])[NumericMode.Exact, NumericMode.Integer])
            {
                using var runner = new PackedRunner(model, new PackedRunnerOptions { MaxImageBytes = 10_000_000, Mode = mode });
                runner.Run(new float[model.Graph.Input.Elements]);
            }
        }
        catch (PackedModelException)
        {
            // A small file may describe values that are larger than the runner's limit.
        }

        return true;
    }

    /// <summary>An upper bound of multiplications.</summary>
    private static long Work(ModelGraph graph) => graph.Nodes.Sum(node => (graph.ShapeOf(node.Name).Elements + graph.ShapeOf(node.Inputs[0]).Elements) * (node switch
    {
        ConvolutionNode convolution => (long)convolution.Geometry.Taps * graph.ShapeOf(node.Inputs[0]).Channels,
        BinaryConvolutionNode convolution => (long)convolution.Geometry.Taps * graph.ShapeOf(node.Inputs[0]).Blocks,
        SignWeightConvolutionNode convolution => (long)convolution.Geometry.Taps * graph.ShapeOf(node.Inputs[0]).Channels,
        PoolNode pool => pool.Geometry.Taps,
        LinearNode => graph.ShapeOf(node.Inputs[0]).Channels,
        _ => 1,
    }));

    private static byte[] Mutate(Draw draw, byte[] good)
    {
        List<byte> bytes = [.. good];
        for (var i = draw.Between(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            // Half of the damage goes to the first kilobyte, where lengths, keys and hashes are.
            var place = draw.Between(0, int.Min(bytes.Count, draw.Coin() ? 1024 : bytes.Count) - 1);
            switch (draw.Between(0, 4))
            {
                case 0:
                    bytes[place] ^= (byte)(1 << draw.Between(0, 7));
                    break;
                case 1:
                    bytes[place] = draw.Of<byte>(0, 0xFF, (byte)'"', (byte)'{', (byte)'9', (byte)'-', (byte)',');
                    break;
                case 2:
                    bytes.Insert(place, (byte)draw.Between(0, 255));
                    break;
                case 3:
                    bytes.RemoveRange(place, int.Min(draw.Between(1, 20), bytes.Count - place));
                    break;
                default:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Changes one place of a tree: another number, another string of the file, a key or an item less, an item twice.</summary>
    private static void Mutate(Draw draw, JsonNode tree)
    {
        var places = Places(tree).ToList();
        if (places.Count == 0)
        {
            return;
        }

        var place = draw.Of<JsonNode>([.. places]);
        var parent = place.Parent!;
        var replacement = draw.Between(0, 9) switch
        {
            0 => JsonValue.Create(draw.Coin()),
            1 or 2 => draw.Of<JsonNode>([.. places]).DeepClone(),
            3 => null,
            4 => JsonValue.Create(draw.Of(1.5, 1e300, -0.0)),
            _ => JsonValue.Create(draw.Of(0L, 1, 2, 3, 5, 7, 31, 64, 65, 66, 100, 1000, 32768, 65536, -1, int.MaxValue, int.MinValue, 1L << 32, long.MaxValue)),
        };
        if (parent is JsonArray array)
        {
            var index = array.IndexOf(place);
            array.RemoveAt(index);
            if (draw.Between(0, 4) > 0)
            {
                array.Insert(index, replacement);
            }
        }
        else
        {
            var key = place.GetPropertyName();
            var owner = parent.AsObject();
            owner.Remove(key);
            if (draw.Between(0, 4) > 0)
            {
                owner[draw.Between(0, 9) == 0 ? "extra" : key] = replacement;
            }
        }
    }

    private static IEnumerable<JsonNode> Places(JsonNode tree)
    {
        var children = tree switch
        {
            JsonObject owner => owner.Select(pair => pair.Value),
            JsonArray array => array,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>().ToList())
        {
            yield return child;
            foreach (var place in Places(child))
            {
                yield return place;
            }
        }
    }
}
