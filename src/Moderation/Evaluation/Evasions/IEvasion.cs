namespace Aigc2d.Moderation.Evaluation.Evasions;

/// <summary>A way of writing a text so that people still read it and filters perhaps do not.</summary>
internal interface IEvasion
{
    /// <summary>The family of evasions that the targets name.</summary>
    string Family { get; }

    /// <summary>The text in disguise; the text itself where there is nothing to disguise. The same random numbers give the same disguise.</summary>
    string Disguise(string text, Random random);
}
