using System.Globalization;
using DcpNas.Export.Onnx;
using DcpNas.Export.Lowering;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks;
using DcpNas.Tasks.Detection;
using Google.Protobuf;

namespace DcpNas.Export;

/// <summary>Writes a network as an ONNX file of standard operators: 1-bit or real-valued, step 1 included.</summary>
/// <remarks>
/// Input <c>image</c>, float32 <c>[N, C, H, W]</c>, normalised; output <c>logits</c>, <c>[N, classes]</c>, or <c>embedding</c>, <c>[N, features]</c>, or, of a one-stage detector, <c>scores</c>,
/// <c>[N, anchors, classes + 1]</c> before softmax with the background first, and <c>codes</c>, <c>[N, anchors, 4]</c>. Making boxes of these is left to the caller: the metadata hold what it takes. 1-bit weights are
/// stored as ±1 in float32 with their scale beside them. Metadata, as text: docs/onnx-files.md.
/// </remarks>
public static class OnnxExporter
{
    /// <summary>The version of the operators.</summary>
    public const int OperatorSet = 17;

    /// <summary>The version of the file format.</summary>
    public const int FormatVersion = 8;

    /// <summary>The name of the input.</summary>
    public const string Input = "image";

    /// <summary>The name of the output of a classifier.</summary>
    public const string Output = OnnxEmitter.Logits;

    /// <summary>Writes the file in one step.</summary>
    /// <param name="backbone">The network; its mode does not matter.</param>
    /// <param name="head">Its head: a classifier, one that gives embeddings, or that of a one-stage detector.</param>
    /// <param name="info">Producer, preprocessing and classes.</param>
    /// <param name="path">The file, in a folder that exists; complete or untouched.</param>
    /// <exception cref="InputException">A parameter is not finite, or the file cannot be written.</exception>
    public static void Write(Backbone backbone, TaskHead head, ModelInfo info, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var bytes = Export(backbone, head, info);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The contents of the file.</summary>
    /// <param name="backbone">The network; its mode does not matter.</param>
    /// <param name="head">Its head: a classifier, one that gives embeddings, or that of a one-stage detector.</param>
    /// <param name="info">Producer, preprocessing and classes.</param>
    /// <exception cref="InputException">A parameter is not finite.</exception>
    public static byte[] Export(Backbone backbone, TaskHead head, ModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(info);
        var description = backbone.Description;
        var graph = new OnnxGraph();
        graph.Graph.Input.Add(OnnxGraph.Describe(Input, null, description.ImageChannels, description.ImageHeight, description.ImageWidth));
        NetworkLowering.Run(backbone, head, new OnnxEmitter(graph, new OnnxValue(Input, description.ImageChannels, description.ImageHeight, description.ImageWidth)));
        var (name, version) = Producer(info.Producer);
        var model = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = name,
            ProducerVersion = version,
            Graph = graph.Graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        foreach (var (key, value) in Metadata(info, description, head))
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model.ToByteArray();
    }

    /// <summary>The name and the version of a producer such as <c>dcpnas 1.2.3</c>; without a version, that of this library.</summary>
    private static (string Name, string Version) Producer(string producer)
    {
        var space = producer.LastIndexOf(' ');
        return space > 0 && char.IsAsciiDigit(producer[^1])
            ? (producer[..space], producer[(space + 1)..])
            : (producer, typeof(OnnxExporter).Assembly.GetName().Version!.ToString(3));
    }

    private static IEnumerable<(string Key, string Value)> Metadata(ModelInfo info, NetworkDescription description, TaskHead head)
    {
        if (info.Classes.Count > 0)
        {
            yield return ("classes", string.Join('\n', info.Classes));
        }

        if (info.Preprocessing is { } preprocessing)
        {
            yield return ("mean", Text(preprocessing.Mean));
            yield return ("std", Text(preprocessing.StandardDeviation));
            yield return ("fit", preprocessing.Fit.ToString().ToLowerInvariant());
            if (preprocessing.Resize is { } resize)
            {
                yield return ("resize", resize.ToString(CultureInfo.InvariantCulture));
            }
        }

        if (head is SsdHead detector)
        {
            yield return ("detector", DetectorText.Of(detector));
        }

        if (description.Genotype is { } genotype)
        {
            yield return ("genotype", genotype.ToString());
        }
    }

    private static string Text(IReadOnlyList<double> numbers) => string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
