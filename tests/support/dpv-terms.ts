/*
 * Terms of the Data Privacy Vocabulary 2.3 (February 2026) that a register of processing may be written with: the mapping of
 * the record (the register, activities, parties, purposes, bases, categories, transfers, storage, measures) and the terms of
 * its vocabularies, as looked up in the published vocabulary. Of purposes, and of the sectors of public services (`ps`),
 * education (`edu`) and health, these are the ones that were looked up; the sectors have more. `dpv:ServiceProvision` is left
 * out on purpose: 2.3 means something else by it than 2.1 did. A list of data: nothing of it is computed from the product.
 */
export const DPV_TERMS: Record<'dpv' | 'gdpr' | 'pd' | 'ps' | 'edu' | 'health', string> = {
  dpv: `
    AccessControlMethod ActivityMonitoring Adult Anonymisation AsylumSeeker AuthenticationProtocols
    AuthorisationProcedure AuthorisationProtocols BackgroundChecks Certification Child Citizen Client
    ConfidentialityAgreement Consult CredentialManagement CryptographicKeyManagement DPIA DataBackupProtocols
    DataErasurePolicy DataProtectionTraining DataRedaction DataSubProcessor DataSubjectRightsManagement
    DisasterRecoveryProcedures ElderlyDataSubject Employee EncryptionAtRest EncryptionInTransfer
    EnforceAccessControl GovernanceProcedures GovernmentalOrganisation GuardianOfDataSubject
    IdentityManagementMethod Immigrant IncidentManagementProcedures InformationFlowControl
    InformationSecurityPolicy IntrusionDetectionSystem JobApplicant LoggingPolicy Member MultiFactorAuthentication
    NetworkSecurityProtocols OperatingSystemSecurity ParentOfDataSubject Participant Patient
    PenetrationTestingMethods Permission PermissionManagement PersonalDataProcess PersonnelManagement
    PhysicalAccessControlMethod PrivacyByDefault PrivacyByDesign Process Pseudonymisation ROPA ReviewProcedure
    RightExerciseRecord RiskAssessment SecurityAudit SecurityRoleProcedures SingleSignOn
    SpecialCategoryPersonalData StorageDeletion StorageDuration Student ThirdPartySecurityProcedures
    UseSyntheticData Visitor VulnerabilityTestingMethods VulnerableDataSubject hasApplicableLaw hasDataController
    hasDataExporter hasDataImporter hasDataProcessor hasDataProtectionOfficer hasDataSource hasDataSubject
    hasDataSubjectScale hasDataVolume hasDuration hasImpactAssessment hasJointDataControllers hasLegalBasis
    hasOrganisationalMeasure hasOrganisationalUnit hasPermission hasPersonalData hasPersonalDataProcess hasProcess
    hasPurpose hasRecipient hasRecipientDataController hasRecipientThirdParty hasRecordOfActivity
    hasRepresentative hasRisk hasRiskAssessment hasService hasStorageCondition hasTechnicalMeasure hasThirdCountry
    isImplementedUsingTechnology

    CombatClimateChange CommunicationManagement DisputeManagement EnforceSecurity FraudPreventionAndDetection
    HumanResourceManagement IdentityAuthentication IdentityVerification ImproveHealthcare ImprovePublicServices
    ImproveTransportMobility LegalCompliance OrganisationComplianceManagement OrganisationGovernance
    OrganisationRiskManagement PaymentManagement PersonnelHiring PersonnelPayment ProtectionOfPublicSecurity
    ProvideOfficialStatistics PublicBenefit PublicPolicyMaking RecordManagement RightsFulfillment
    ScientificResearch ServiceRegistration TechnicalServiceProvision VendorManagement`,
  gdpr: `
    A15 A45-3 A46-2-a A46-2-b A46-2-c A46-2-d A46-2-e A46-2-f A46-3-a A46-3-b A49-1-a A49-1-b A49-1-c A49-1-d
    A49-1-e A49-1-f A49-1-g A49-2 A6-1-a A6-1-b A6-1-c A6-1-d A6-1-e A6-1-f A9-2-a A9-2-b A9-2-c A9-2-d A9-2-e
    A9-2-f A9-2-g A9-2-h A9-2-i A9-2-j ConfidentialityBreach DPIARequired DataBreach JustificationA33RiskUnlikely`,
  pd: `
    AccountIdentifier Authenticating AuthenticationHistory BankAccount Biometric BirthDate Citizenship
    Communication Contact Criminal CriminalCharge CriminalConviction CriminalOffence Disability DisciplinaryAction
    Education EmploymentHistory EthnicOrigin Family Financial Genetic Health HouseOwned IPAddress Identifying Job
    Location MaritalStatus MentalHealth Name Nationality OfficialID Offspring Picture PoliticalOpinion
    ProfessionalEvaluation ReligiousBelief Salary Sexual Social Tax TradeUnionMembership Username
    VoiceCommunicationRecording Vulnerability`,
  ps: `
    HousingWelfareManagement PublicServiceDistributionManagement PublicServiceEligibilityAssessment
    PublicServiceFraudPreventionDetection PublicServiceManagement PublicServiceProvision SocialAssistanceManagement
    SocialInsuranceManagement SocialSecurityManagement SocialWelfareDistributionManagement
    SocialWelfareEligibilityAssessment SocialWelfareManagement SocialWelfareProvision SocialWelfareRiskAssessment`,
  edu: `
    EducationManagement ServiceProvision StudentAdmissionManagement StudentAttendanceManagement
    StudentGuidanceManagement StudentLearningOutcomeAssessment StudentManagement StudentWellbeingManagement`,
  health: `
    ElectronicRecordsManagement HealthcareManagement HealthcareServiceManagement PatientInformationManagement
    PatientMonitoring PreventativeCareManagement ServiceProvision`,
}
