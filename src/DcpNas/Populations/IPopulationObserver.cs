namespace DcpNas.Populations;

/// <summary>Is told what the training of a population does.</summary>
public interface IPopulationObserver
{
    /// <summary>Once, before the first training of the session.</summary>
    /// <param name="jobs">Trainings in all.</param>
    /// <param name="finished">Those that were finished before.</param>
    void OnStart(int jobs, int finished);

    /// <summary>When a training has gone on.</summary>
    /// <param name="job">The training.</param>
    /// <param name="share">What is done of it, 0 to 1; first with the share that earlier sessions did.</param>
    void OnProgress(PopulationJob job, double share);

    /// <summary>When a training has ended.</summary>
    /// <param name="network">What it came to.</param>
    void OnNetwork(PopulationNetwork network);

    /// <summary>When a training has failed; the next one begins.</summary>
    /// <param name="failure">Which and why.</param>
    void OnFailure(PopulationFailure failure);

    /// <summary>When something happened that a user should know.</summary>
    void OnWarning(string text);
}
