using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using DcpNas.Cli.Commands;
using DcpNas.Tasks;

namespace DcpNas.Cli.Options;

/// <summary>The options that the tasks of a command have, and <c>--task</c>, which says whose are meant.</summary>
internal sealed class TaskOptionSet
{
    private const string TaskKey = "task";
    private readonly IReadOnlyList<TaskRow> _tasks;
    private readonly OptionSet _values;
    private readonly Option<string?> _task = new("--task") { HelpName = string.Join('|', TaskNames.All) };
    private readonly Func<TaskRow, object> _defaults;

    /// <summary>Creates the options.</summary>
    /// <param name="tasks">The tasks; of one alone there is no <c>--task</c>.</param>
    /// <param name="defaults">The record of the options of a task, with its defaults.</param>
    /// <param name="taskHelp">What is said of <c>--task</c>.</param>
    /// <param name="without">Keys that are no options of the command.</param>
    public TaskOptionSet(IReadOnlyList<TaskRow> tasks, Func<TaskRow, object> defaults, string taskHelp, params string[] without)
    {
        (_tasks, _defaults, _task.Description) = (tasks, defaults, taskHelp);
        _values = new([.. tasks.Select(row => new OptionSet.Variant(row.Name, defaults(row), (text, source) => ReadAs(row, text, source)))], [TaskKey, .. without]);
    }

    /// <summary>Adds the options to a command, whose help will show those of one task.</summary>
    public void AddTo(TaskCommand command)
    {
        if (_tasks.Count > 1)
        {
            command.Options.Add(_task);
        }

        _values.AddTo(command);
        _values.ShowOf(_tasks[0].Name);
        command.BeforeHelp = parsed => _values.ShowOf((Named(parsed) ?? _tasks[0]).Name);
    }

    /// <summary>The only task, or the one that the command line names; null for none.</summary>
    /// <exception cref="InputException">There is no such task.</exception>
    public TaskRow? Named(ParseResult parsed) => _tasks.Count == 1 ? _tasks[0] : parsed.GetValue(_task) is { } name ? Find(name, _task.Name) : null;

    /// <summary>Options for a task that is known.</summary>
    /// <exception cref="OptionsException">Values cannot be read, or are options of another task.</exception>
    public object Read(ParseResult parsed, TaskRow row) => _values.Read(parsed, row.Name, null);

    /// <summary>The options but for some.</summary>
    /// <param name="keys">The keys of those.</param>
    public IEnumerable<Option> Except(params IEnumerable<string> keys) => _values.Except(keys);

    /// <summary>Refuses values that no task can read.</summary>
    /// <exception cref="OptionsException">There are such values.</exception>
    public void ThrowIfUnreadable(ParseResult parsed) => _values.ThrowIfUnreadable(parsed);

    /// <summary>Options of the task that the command line or the key <c>task</c> of an options file names; of the first one where none does.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="path">The options file, or null.</param>
    /// <exception cref="OptionsException">Values cannot be read, or are options of another task.</exception>
    public object ReadWith(ParseResult parsed, string? path)
    {
        if (path is null)
        {
            return Read(parsed, Named(parsed) ?? _tasks[0]);
        }

        var text = OptionsJson.ReadText(path);
        var named = Named(parsed) ?? (TaskOf(text) is { } name ? Find(name, $"{path}: {TaskKey}") : null);
        var row = named ?? _tasks[0];
        JsonObject json;
        try
        {
            json = OptionsJson.Write(ReadAs(row, text, path));
        }
        catch (OptionsException error) when (named is null && _tasks.FirstOrDefault(other => CanRead(other, text, path)) is { } other)
        {
            throw new OptionsException(path, [$"it names no task, and {row.Name} does not have all of its keys, but {other.Name} has: add --task {other.Name}, or \"{TaskKey}\": \"{other.Name}\" to the file."], error);
        }

        if (_tasks.Count > 1)
        {
            json[TaskKey] = row.Name;
        }

        return _values.Read(parsed, row.Name, json);
    }

    /// <summary>The task that the text of an options file names; null where it names none, or is damaged, which those say who read it.</summary>
    private static string? TaskOf(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) is JsonObject json
                && json[TaskKey] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private bool CanRead(TaskRow row, string text, string path)
    {
        try
        {
            return ReadAs(row, text, path) is not null;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private TaskRow Find(string name, string place) => _tasks.FirstOrDefault(row => row.Name == name)
        ?? throw new InputException($"{place} must be one of {string.Join(", ", _tasks.Select(row => row.Name))}, got '{name}'.{Nearest.Hint(name, TaskNames.All)}");

    private object ReadAs(TaskRow row, string text, string source) => OptionsJson.Read(_defaults(row).GetType(), text, source, "{ \"epochs\": 100 }");
}
