namespace DcpNas.Evaluation;

/// <summary>The names of the files that an evaluation writes.</summary>
public static class EvaluationFiles
{
    /// <summary>All measures, for programs.</summary>
    public const string Json = "evaluation.json";

    /// <summary>The page.</summary>
    public const string Page = "evaluation.html";
}
