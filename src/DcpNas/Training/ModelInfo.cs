using System.Text.Json.Nodes;
using DcpNas.Data;
using DcpNas.Networks;

namespace DcpNas.Training;

/// <summary>What a checkpoint says about its network, so that it can be rebuilt and used without the run.</summary>
/// <param name="Network">The backbone.</param>
/// <param name="Task">The name of the task.</param>
/// <param name="ClassNames">What the outputs stand for.</param>
/// <param name="Preprocessing">What images have to go through.</param>
/// <param name="Dataset">The honest name of the training data.</param>
public sealed record ModelInfo(NetworkDescription Network, string Task, IReadOnlyList<string> ClassNames, Preprocessing Preprocessing, string Dataset)
{
    /// <summary>The key of this object in the state document of a checkpoint.</summary>
    public const string Key = "model";

    private const string DetailKey = "task_detail";

    /// <summary>What the task needs besides its name and classes to build its head (<c>ITask.Describe</c>); empty where it needs nothing.</summary>
    public JsonObject TaskDetail { get; init; } = [];

    /// <summary>As JSON.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["network"] = Network.ToJson(),
            ["task"] = Task,
            ["class_names"] = new JsonArray([.. ClassNames.Select(name => (JsonNode?)name)]),
            ["preprocessing"] = Preprocessing.ToJson(),
            ["dataset"] = Dataset,
        };
        if (TaskDetail.Count > 0)
        {
            json[DetailKey] = TaskDetail.DeepClone();
        }

        return json;
    }

    /// <summary>From the JSON of a checkpoint.</summary>
    /// <param name="json">As <see cref="ToJson"/> writes it.</param>
    /// <param name="path">The checkpoint, for messages.</param>
    /// <exception cref="InputException">Something is missing or of the wrong kind.</exception>
    public static ModelInfo FromJson(JsonObject json, string path)
    {
        ArgumentNullException.ThrowIfNull(json);
        var part = new JsonPart(json, path, $"metadata 'state', {Key}", "Use a checkpoint that dcpnas train wrote.");
        return new ModelInfo(
            NetworkDescription.FromJson(part["network"].Object(), path),
            part["task"].Text(),
            [.. part["class_names"].Items().Select(name => name.Text())],
            Preprocessing.FromJson(part["preprocessing"]),
            part["dataset"].Text())
        {
            TaskDetail = part[DetailKey] is { IsMissing: false } detail ? (JsonObject)detail.Object().DeepClone() : [],
        };
    }
}
