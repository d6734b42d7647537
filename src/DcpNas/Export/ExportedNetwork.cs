using System.Text.Json.Nodes;
using DcpNas.Binarization;
using DcpNas.Networks;
using DcpNas.Runtime;
using DcpNas.Tasks;
using static TorchSharp.torch;

namespace DcpNas.Export;

/// <summary>What a packed model says of the network that it was made of (docs/model-format.md, section 2, key network): enough to build the same architecture again.</summary>
/// <param name="Network">The backbone.</param>
/// <param name="Task">Builds the head.</param>
public sealed record ExportedNetwork(NetworkDescription Network, ITask Task)
{
    private const string TaskKey = "task";
    private const string DetailKey = "task_detail";
    private const string Place = "model.network";

    /// <summary>The network of a model file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Its file, for messages.</param>
    /// <exception cref="InputException">The file says nothing of its network, or nothing that this version can build for the input of the model.</exception>
    public static ExportedNetwork Of(PackedModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(path);
        const string Remedy = "Export the run again, without --compact (dcpnas export RUN --out FILE); files of earlier versions and compact ones do not hold it.";
        if (model.Info.Network is not { } text)
        {
            throw InputException.InFile(path, Place, "a description of the network", "none", Remedy);
        }

        var json = (JsonObject)JsonNode.Parse(text)!; // the runtime has seen that it is an object
        var part = new JsonPart(json, path, Place, Remedy);
        var task = TaskTable.OfCheckpoint(part[TaskKey].Text(), path).Create(model.Info.Classes, part[DetailKey] is { IsMissing: false } detail ? detail.Object() : [], path);
        json.Remove(TaskKey);
        json.Remove(DetailKey);
        var network = NetworkDescription.FromJson(json, $"{path}, {Place}");
        var (built, input) = ((network.ImageHeight, network.ImageWidth, network.ImageChannels), model.Graph.Input);
        return built == (input.Height, input.Width, input.Channels)
            ? new ExportedNetwork(network, task)
            : throw InputException.InFile(path, Place, $"the image of the model, {input.Height}x{input.Width}x{input.Channels}", $"{built.ImageHeight}x{built.ImageWidth}x{built.ImageChannels}", Remedy);
    }

    /// <summary>The text of the key.</summary>
    public string ToJson()
    {
        var json = Network.ToJson();
        json[TaskKey] = Task.Name;
        if (Task.Describe() is { Count: > 0 } detail)
        {
            json[DetailKey] = detail;
        }

        return json.ToJsonString();
    }

    /// <summary>The real-valued counterpart as ONNX, with fresh weights: what a runtime without 1-bit layers runs in place of the network.</summary>
    /// <returns>The counterpart, and its file.</returns>
    /// <exception cref="InputException">The head does not fit the network, or has no form in ONNX.</exception>
    public (NetworkDescription FullPrecision, byte[] File) ExportFullPrecision()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var counterpart = Network with { Scheme = BinarizationScheme.None, RealWeights = false };
        using var network = TaskNetwork.Create(counterpart, Task);
        return (counterpart, OnnxExporter.Export(network.Backbone, network.Head, new ModelInfo { Producer = "dcpnas" }));
    }
}
