namespace Aigc2d.Contracts;

/// <summary>Marks a message that is told to whoever listens at the moment; without it a message that reaches no queue is kept and sent again.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BroadcastAttribute : Attribute;
