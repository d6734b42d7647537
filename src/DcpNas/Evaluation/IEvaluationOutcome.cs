using System.Text.Json.Nodes;
using DcpNas.Cost;

namespace DcpNas.Evaluation;

/// <summary>What the evaluation of a trained network came to, whatever its task.</summary>
public interface IEvaluationOutcome
{
    /// <summary>Everything, for programs; keys in snake_case.</summary>
    JsonObject ToJson();

    /// <summary>The same for people, part by part: what <c>dcpnas evaluate</c> prints.</summary>
    IEnumerable<EvaluationPart> Summary();
}

/// <summary>A part of the summary of an evaluation.</summary>
public abstract record EvaluationPart;

/// <summary>A line of text.</summary>
/// <param name="Text">The line.</param>
public sealed record EvaluationLine(string Text) : EvaluationPart;

/// <summary>A table.</summary>
/// <param name="Titles">One per column.</param>
/// <param name="Rows">The cells, row by row.</param>
public sealed record EvaluationTable(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows) : EvaluationPart
{
    /// <summary>The most rows that a summary shows of a table with a row for each class.</summary>
    public const int ShownClasses = 100;

    /// <summary>Whether all columns but the first are numbers, which stand to the right.</summary>
    public bool IsRight { get; init; }
}

/// <summary>What a network costs.</summary>
/// <param name="Report">Its layers, added up.</param>
public sealed record EvaluationCost(CostReport Report) : EvaluationPart;
