namespace DcpNas.Runs;

/// <summary>Is told what a run does while it goes on: logs, progress displays, tests.</summary>
/// <typeparam name="TStart">What a session of the run has before it.</typeparam>
/// <typeparam name="TStep">What a step came to.</typeparam>
/// <typeparam name="TEpoch">What an epoch came to.</typeparam>
public interface IRunObserver<in TStart, in TStep, in TEpoch>
{
    /// <summary>Once, before the first step: what is planned and what an earlier session has done.</summary>
    void OnStart(TStart start)
    {
    }

    /// <summary>After each step, before a checkpoint that may follow it.</summary>
    void OnStep(TStep step)
    {
    }

    /// <summary>After each epoch.</summary>
    void OnEpoch(TEpoch epoch)
    {
    }

    /// <summary>When something happened that a user should know.</summary>
    void OnEvent(int epoch, bool warning, string name, string text)
    {
    }
}

/// <summary>Tells two observers of a run, one after the other; each kind of run derives its own.</summary>
/// <param name="first">Is told first.</param>
/// <param name="second">Is told then.</param>
internal abstract class ObserverPair<TStart, TStep, TEpoch>(IRunObserver<TStart, TStep, TEpoch> first, IRunObserver<TStart, TStep, TEpoch> second)
    : IRunObserver<TStart, TStep, TEpoch>
{
    public void OnStart(TStart start)
    {
        first.OnStart(start);
        second.OnStart(start);
    }

    public void OnStep(TStep step)
    {
        first.OnStep(step);
        second.OnStep(step);
    }

    public void OnEpoch(TEpoch epoch)
    {
        first.OnEpoch(epoch);
        second.OnEpoch(epoch);
    }

    public void OnEvent(int epoch, bool warning, string name, string text)
    {
        first.OnEvent(epoch, warning, name, text);
        second.OnEvent(epoch, warning, name, text);
    }
}
