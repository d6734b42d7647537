namespace DcpNas.Assessment;

/// <summary>The names of the files that an evaluation writes.</summary>
public static class EvaluationFiles
{
    /// <summary>All measures, for programs.</summary>
    /// <param name="split">test or valid.</param>
    public static string Json(string split) => $"{Name(split)}.json";

    /// <summary>The page.</summary>
    /// <param name="split">test or valid.</param>
    public static string Page(string split) => $"{Name(split)}.html";

    private static string Name(string split) => split == AssessmentOptions.Test ? "evaluation" : $"evaluation-{split}";
}
